package letters

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// Hidden is how many units are between a Cell and the Alphabet.
const Hidden = 128

const outputs = len(Alphabet)

// Net is one hidden layer of rectified units between a Cell and the Alphabet.
type Net struct {
	W1 [Hidden][inputs]float32
	B1 [Hidden]float32
	W2 [outputs][Hidden]float32
	B2 [outputs]float32
}

// NewNet is a network that has learned nothing yet.
func NewNet(r *rand.Rand) *Net {
	n := new(Net)
	for i := range n.W1 {
		for j := range n.W1[i] {
			n.W1[i][j] = float32(r.NormFloat64() * math.Sqrt(2.0/inputs))
		}
	}
	for k := range n.W2 {
		for j := range n.W2[k] {
			n.W2[k][j] = float32(r.NormFloat64() * math.Sqrt(2.0/Hidden))
		}
	}
	return n
}

// Odds are the logarithms of how likely each character of the Alphabet is.
type Odds [outputs]float32

// Rate says how likely a cell is which letter.
func (n *Net) Rate(cell *Cell) Odds {
	var layer [Hidden]float32
	n.Excite(cell, &layer)
	return n.Weigh(&layer)
}

// Excite computes the hidden layer.
func (n *Net) Excite(cell *Cell, layer *[Hidden]float32) {
	for i := range layer {
		w := &n.W1[i]
		var a, b, c, d float32
		for j := 0; j < inputs; j += 4 {
			a += w[j] * cell[j]
			b += w[j+1] * cell[j+1]
			c += w[j+2] * cell[j+2]
			d += w[j+3] * cell[j+3]
		}
		layer[i] = max(0, n.B1[i]+(a+b)+(c+d))
	}
}

// Weigh computes the output from the hidden layer.
func (n *Net) Weigh(layer *[Hidden]float32) (odds Odds) {
	odds = n.B2
	for j, v := range layer {
		if v == 0 {
			continue
		}
		for k := range odds {
			odds[k] += n.W2[k][j] * v
		}
	}
	most := slices.Max(odds[:])
	total := 0.0
	for _, v := range odds {
		total += math.Exp(float64(v - most))
	}
	shift := most + float32(math.Log(total))
	for k := range odds {
		odds[k] -= shift
	}
	return odds
}

// Weights is the file of the trained network. make weights writes it.
//
//go:embed weights.bin
var weights []byte

// Trained is the network that docket brings along.
var Trained = sync.OnceValue(func() *Net {
	n, err := decodeNet(weights)
	if err != nil {
		panic(err) // a broken build
	}
	return n
})

// In the file each unit is a scale and a bias as 32-bit floats, then its weights as 8-bit integers, to be multiplied by the scale.
const encodedSize = Hidden*(8+inputs) + outputs*(8+Hidden)

var errWeights = errors.New("letters: weights of another size")

func decodeNet(data []byte) (*Net, error) {
	if len(data) != encodedSize {
		return nil, errWeights
	}
	n := new(Net)
	for i := range n.W1 {
		n.B1[i], data = decodeUnit(data, n.W1[i][:])
	}
	for k := range n.W2 {
		n.B2[k], data = decodeUnit(data, n.W2[k][:])
	}
	return n, nil
}

func decodeUnit(data []byte, into []float32) (bias float32, rest []byte) {
	scale := math.Float32frombits(binary.LittleEndian.Uint32(data))
	bias = math.Float32frombits(binary.LittleEndian.Uint32(data[4:]))
	data = data[8:]
	for i := range into {
		into[i] = float32(int8(data[i])) * scale
	}
	return bias, data[len(into):]
}

// Encode writes the file that decodeNet reads: weights are rounded to 8 bits.
func (n *Net) Encode() []byte {
	data := make([]byte, 0, encodedSize)
	for i := range n.W1 {
		data = encodeUnit(data, n.B1[i], n.W1[i][:])
	}
	for k := range n.W2 {
		data = encodeUnit(data, n.B2[k], n.W2[k][:])
	}
	return data
}

func encodeUnit(data []byte, bias float32, from []float32) []byte {
	most := float32(0)
	for _, v := range from {
		most = max(most, v, -v)
	}
	scale := max(most, 1e-9) / 127
	data = binary.LittleEndian.AppendUint32(data, math.Float32bits(scale))
	data = binary.LittleEndian.AppendUint32(data, math.Float32bits(bias))
	for _, v := range from {
		data = append(data, byte(int8(math.Round(float64(v/scale)))))
	}
	return data
}
