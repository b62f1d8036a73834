// Package journey holds the ways that people go through the house, walked in Chromium before a
// real newsroom: its own data folder, its own listener, nothing pretended. Its tests are built with
// the tag browser; Chromium is found by DEPESCHE_CHROMIUM or on the path.
package journey
