package grey

// Interpolate is the value at a point of a picture w pixels wide and h high: of the four pixels around it, each by how near it is. The
// middle of the first pixel is at 0.5, 0.5. Beyond the border the border goes on.
func Interpolate[V uint8 | float32](pix []V, w, h int, x, y float64) float32 {
	x, y = min(max(x-0.5, 0), float64(w-1)), min(max(y-0.5, 0), float64(h-1))
	left, top := int(x), int(y)
	right, bottom := min(left+1, w-1), min(top+1, h-1)
	fx, fy := float32(x-float64(left)), float32(y-float64(top))
	upper := float32(pix[top*w+left])*(1-fx) + float32(pix[top*w+right])*fx
	lower := float32(pix[bottom*w+left])*(1-fx) + float32(pix[bottom*w+right])*fx
	return upper*(1-fy) + lower*fy
}
