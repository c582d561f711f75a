package letters

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"testing"
)

// The weights are those that make weights has written. It prints the sum.
const weightsSum = "c3b50ba624c426aea76aa3d1281791f5eff4cebd78ddf0beabe1ad62ce0eba26"

func TestWeights_Sum(t *testing.T) {
	t.Parallel()
	if sum := sha256.Sum256(weights); hex.EncodeToString(sum[:]) != weightsSum {
		t.Errorf("weights.bin has the sum %x", sum)
	}
	if again := Trained().Encode(); !slices.Equal(again, weights) {
		t.Error("weights.bin is not what its own network is written as")
	}
}

func TestDecodeNet_WrongSize(t *testing.T) {
	t.Parallel()
	if _, err := decodeNet(weights[1:]); err == nil {
		t.Error("weights that are cut off were taken")
	}
}

func FuzzCut(f *testing.F) {
	f.Add(uint64(1), uint16(300), uint8(44))
	f.Add(uint64(2), uint16(0), uint8(30))
	f.Add(uint64(3), uint16(176), uint8(44))
	f.Fuzz(func(t *testing.T, seed uint64, width uint16, n uint8) {
		r := rand.New(rand.NewPCG(seed, 0))
		s := Strip{Width: int(width % 2000), Ink: make([]float32, int(width%2000)*Height)}
		for i := range s.Ink {
			s.Ink[i] = float32(r.IntN(256))
		}
		cuts, _ := s.Cut(int(n%60) + 1)
		if cuts == nil {
			return
		}
		if len(cuts) != int(n%60)+2 || !slices.IsSorted(cuts) {
			t.Fatalf("%d columns in %d: %v", s.Width, n, cuts)
		}
		for _, cell := range s.Cells(cuts) {
			Trained().Rate(&cell)
		}
	})
}
