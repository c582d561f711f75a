package photo

import (
	"image"
	"slices"
)

// measureSignals computes the signals that pixels have.
func measureSignals(img image.Image) Signals {
	p := shrinkImage(img)
	return Signals{
		Hash:       p.perceptualHash(),
		Blur:       p.blur(),
		Brightness: p.brightness(),
		Glare:      p.glare(),
		Burnt:      p.burnt(),
		Grey:       p.grey(),
	}
}

func (p plane) brightness() float64 {
	sum := 0.0
	for _, v := range p.luma {
		sum += float64(v)
	}
	return sum / float64(len(p.luma)) / 255
}

// A pixel counts as grey while its colour is below a sixteenth of its brightness, since colour fades with the light, and
// below what the noise of a camera and JPEG at low quality add.
const (
	faint = 1.0 / 16
	noise = 3
)

func (p plane) grey() float64 {
	n := 0
	for i, c := range p.colour {
		if c < max(noise, p.luma[i]*faint) {
			n++
		}
	}
	return float64(n) / float64(len(p.colour))
}

const (
	// tiles to a side: a document is often half of the photo, the plain table around it must not count as blur.
	tiles = 8

	// gain bounds the stretch of contrast, so that the noise of an empty sheet does not look like print.
	gain = 4
)

// blur is the mean over the sharpest quarter of the tiles of the variance of the Laplacian.
func (p plane) blur() float64 {
	stretch := p.contrastStretch()
	variances := make([]float64, 0, tiles*tiles)
	for ty := range tiles {
		for tx := range tiles {
			tile := image.Rect(tx*p.w/tiles, ty*p.h/tiles, (tx+1)*p.w/tiles, (ty+1)*p.h/tiles)
			variances = append(variances, p.laplacianVariance(tile.Intersect(image.Rect(1, 1, p.w-1, p.h-1))))
		}
	}
	slices.Sort(variances)
	sharpest := variances[len(variances)*3/4:]
	total := 0.0
	for _, v := range sharpest {
		total += v
	}
	return total / float64(len(sharpest)) * stretch * stretch
}

// laplacianVariance is the variance of the Laplacian within a tile.
func (p plane) laplacianVariance(tile image.Rectangle) float64 {
	var n, sum, squares float64
	for y := tile.Min.Y; y < tile.Max.Y; y++ {
		for i := y*p.w + tile.Min.X; i < y*p.w+tile.Max.X; i++ {
			l := float64(p.luma[i-p.w] + p.luma[i+p.w] + p.luma[i-1] + p.luma[i+1] - 4*p.luma[i])
			n, sum, squares = n+1, sum+l, squares+l*l
		}
	}
	if n == 0 {
		return 0
	}
	return squares/n - sum/n*sum/n
}

// contrastStretch is the factor that spreads all but the darkest and brightest hundredth of the pixels over the whole range.
func (p plane) contrastStretch() float64 {
	var histogram [256]int
	for _, v := range p.luma {
		histogram[int(v)]++
	}
	at := func(share float64) (level int) {
		for seen := 0; level < 255; level++ {
			if seen += histogram[level]; float64(seen) > share*float64(len(p.luma)) {
				break
			}
		}
		return level
	}
	return min(gain, 255/float64(max(1, at(0.99)-at(0.01))))
}
