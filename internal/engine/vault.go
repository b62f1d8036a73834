package engine

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
)

// Vault seals the engines' keys. What opens them is a secret of the configuration or, without one, a
// file in the data folder that is made when the first key is sealed. It is never in the database, so
// neither a backup nor whoever reads the tables has the keys.
type Vault struct {
	file   string
	secret string
	mu     sync.Mutex
}

// KeyFile is the name of the file in the data folder.
const KeyFile = "engine.key"

// errSealed says that a key was sealed with another secret, or that the secret is gone.
var errSealed = errors.New("the key was sealed with a secret that isn't here: type the key anew, or bring back " + KeyFile + " or DEPESCHE_SECRET_KEY as they were")

// shortest is the least that a secret of the configuration must have: what `openssl rand -base64 24` writes.
const shortest = 32

// NewVault returns the vault of a data folder. secret is that of the configuration, "" for none; a
// short one is refused.
func NewVault(dir, secret string) (*Vault, error) {
	if secret != "" && len(secret) < shortest {
		return nil, fmt.Errorf("DEPESCHE_SECRET_KEY: at least %d characters, as `openssl rand -base64 32` writes them", shortest)
	}
	return &Vault{file: filepath.Join(dir, KeyFile), secret: secret}, nil
}

// seal returns key so that only this vault opens it, and only for the engine.
func (v *Vault) seal(id ID, key string) ([]byte, error) {
	secret, err := v.open(true)
	if err != nil {
		return nil, err
	}
	box, err := chacha20poly1305.NewX(secret)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, box.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return box.Seal(nonce, nonce, []byte(key), []byte(id)), nil
}

// unseal returns the key, or errSealed.
func (v *Vault) unseal(id ID, sealed []byte) (string, error) {
	secret, err := v.open(false)
	if err != nil {
		return "", err
	}
	box, err := chacha20poly1305.NewX(secret)
	if err != nil {
		return "", err
	}
	if len(sealed) < box.NonceSize() {
		return "", errSealed
	}
	key, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], []byte(id))
	if err != nil {
		return "", errSealed
	}
	return string(key), nil
}

// open returns the secret. With fresh, one is made where there is none.
func (v *Vault) open(fresh bool) ([]byte, error) {
	if v.secret != "" {
		return hkdf.Key(sha256.New, []byte(v.secret), nil, "depesche engine keys", chacha20poly1305.KeySize)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	raw, err := os.ReadFile(v.file)
	if errors.Is(err, fs.ErrNotExist) {
		if !fresh {
			return nil, errSealed
		}
		raw, err = v.make()
	}
	if err != nil {
		return nil, fmt.Errorf("the engines' keys: %w", err)
	}
	secret, ok := secretIn(raw)
	if !ok && fresh {
		if err := v.setAside(); err != nil {
			return nil, fmt.Errorf("the engines' keys: %w", err)
		}
		if raw, err = v.make(); err != nil {
			return nil, fmt.Errorf("the engines' keys: %w", err)
		}
		secret, ok = secretIn(raw)
	}
	if !ok {
		return nil, errSealed
	}
	return secret, nil
}

func secretIn(raw []byte) ([]byte, bool) {
	secret, err := hex.DecodeString(strings.TrimSpace(string(raw)))
	return secret, err == nil && len(secret) == chacha20poly1305.KeySize
}

// setAside moves a file that holds no secret out of the way: what is left of it may still be of use to
// somebody. If another process has put a good one there meanwhile, it is put back.
func (v *Vault) setAside() error {
	damaged := v.file + ".damaged"
	if err := os.Rename(v.file, damaged); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	raw, err := os.ReadFile(damaged)
	if err != nil {
		return err
	}
	if _, good := secretIn(raw); !good {
		return nil
	}
	if err := os.Link(damaged, v.file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// make writes a new secret. Of two processes that do so at once, one wins and both use its.
func (v *Vault) make() ([]byte, error) {
	secret := make([]byte, chacha20poly1305.KeySize)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	text := []byte(hex.EncodeToString(secret) + "\n")
	part, err := os.CreateTemp(filepath.Dir(v.file), KeyFile+".*") // 0600 by itself
	if err != nil {
		return nil, err
	}
	defer os.Remove(part.Name())
	_, err = part.Write(text)
	if err := errors.Join(err, part.Sync(), part.Close()); err != nil {
		return nil, err
	}
	// A link fails where there is a file already, and the file is whole from its first moment.
	if err := os.Link(part.Name(), v.file); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(v.file)
}
