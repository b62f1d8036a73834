//go:build !amd64

package gemm

func native() []*Kernel { return nil }
