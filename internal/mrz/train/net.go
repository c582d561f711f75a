package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"

	"docket/internal/mrz/letters"
)

const (
	fastest = 0.005   // of the rates of learning
	slowest = 0.00005 //
	pool    = 4096    // examples that are mixed, so that letters of one line do not follow each other

	// smooth is the share of certainty that no letter deserves: likelihoods that tell doubt apart are worth more than a little accuracy.
	smooth = 0.02
)

// trainNet learns one example after the other.
func trainNet(seed uint64, samples int) *letters.Net {
	r := rand.New(rand.NewPCG(seed, 1))
	n := letters.NewNet(r)
	var waiting []example
	loss, wrong := 0.0, 0.0
	for i := range samples {
		for len(waiting) < pool {
			waiting = append(waiting, drawLine(r)...)
		}
		k := r.IntN(len(waiting))
		e := waiting[k]
		waiting[k] = waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		rate := slowest + fastest*(1+math.Cos(math.Pi*float64(i)/float64(samples)))/2
		l, hit := learn(n, &e, float32(rate))
		loss += (l - loss) * 0.0005
		if hit {
			wrong -= wrong * 0.0002
		} else {
			wrong += (1 - wrong) * 0.0002
		}
		if (i+1)%50_000 == 0 {
			fmt.Fprintf(os.Stderr, "%d letters, loss %.4f, %.2f %% wrong\n", i+1, loss, wrong*100)
		}
	}
	return n
}

// learn moves the weights one step against the error. It returns the loss, and whether the letter was right before.
func learn(n *letters.Net, e *example, rate float32) (loss float64, hit bool) {
	var layer, slope [letters.Hidden]float32
	n.Excite(&e.cell, &layer)
	odds := n.Weigh(&layer)
	hit = true
	for k, odd := range odds {
		hit = hit && (odd <= odds[e.letter] || k == e.letter)
		target := float32(smooth / float64(len(odds)))
		if k == e.letter {
			target += 1 - smooth
		}
		step := float32(math.Exp(float64(odd))) - target
		w := &n.W2[k]
		for j := range slope {
			slope[j] += step * w[j]
			w[j] -= rate * step * layer[j]
		}
		n.B2[k] -= rate * step
	}
	for i, s := range slope {
		if layer[i] <= 0 {
			continue
		}
		step := rate * s
		w := &n.W1[i]
		for j := range w {
			w[j] -= step * e.cell[j]
		}
		n.B1[i] -= step
	}
	return -float64(odds[e.letter]), hit
}
