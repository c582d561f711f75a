package e2e

import (
	"fmt"
	"image"
	"sync/atomic"
	"testing"

	"docket/internal/testkit/testpicture"
)

// mostDecisionBytes is what a decision may take of the network, with the pictures of the next ticket.
const mostDecisionBytes = 180_000

// approveAndWait approves the ticket of a page and returns how many milliseconds later the next one and its pictures were there.
const approveAndWait = `async () => {
	const before = document.querySelector("#review h1").textContent, start = performance.now();
	document.querySelector("[data-key=a]").click();
	for (;;) {
		await new Promise(requestAnimationFrame);
		const heading = document.querySelector("#review h1"), pictures = [...document.querySelectorAll("[data-photo] img")];
		if (heading && heading.textContent !== before && pictures.length === 3 && pictures.every((img) => img.complete && img.naturalWidth)) return performance.now() - start;
	}
}`

const aheadLoaded = `(count) => { const ahead = [...document.querySelectorAll("body > div[hidden] img")];
	return ahead.length === count && ahead.every((img) => img.complete && img.naturalWidth && !document.querySelector("[data-photo] img[src='" + img.getAttribute("src") + "']")); }`

// TestDecision_BytesAndTime logs what a decision costs, on this machine and through a slow network; docs/performance.md has the figures.
func TestDecision_BytesAndTime(t *testing.T) {
	t.Parallel()
	var drawn []map[string]*image.RGBA
	for _, holder := range []testpicture.Holder{testpicture.Anna, testpicture.Bo} {
		drawn = append(drawn, map[string]*image.RGBA{
			"front": testpicture.Front(holder, 3000), "back": testpicture.Back(holder, 3000), "selfie": testpicture.Selfie(holder, 2400),
		})
	}
	for _, network := range []struct {
		name, agent string
		rate, delay float64 // bytes a second; milliseconds
	}{{"this machine", "near", -1, 0}, {"5 Mbit/s, 80 ms", "far", 5e6 / 8, 80}} {
		s := startIdentitySite(t)
		for i := range 4 {
			submitPhotos(t, s, fmt.Sprint("user-", i), fmt.Sprint("Holder ", i), drawn[i%2])
		}
		p := openAsAgent(t, s, network.agent, sized(1440, 900))
		session, err := p.Context().NewCDPSession(p.Page)
		p.must(err, "open a session of the debugger")
		_, err = session.Send("Network.enable", nil)
		p.must(err, "watch the network")
		_, err = session.Send("Network.emulateNetworkConditions", map[string]any{"offline": false, "latency": network.delay, "downloadThroughput": network.rate, "uploadThroughput": network.rate})
		p.must(err, "slow the network down")
		var loaded atomic.Int64
		session.On("Network.loadingFinished", func(event map[string]any) {
			if n, ok := event["encodedDataLength"].(float64); ok {
				loaded.Add(int64(n))
			}
		})
		p.visit("/review")
		p.keys("n")
		for range 2 {
			_, err = p.WaitForFunction(aheadLoaded, 3)
			p.must(err, "load the pictures of the next ticket")
			before := loaded.Load()
			took, err := p.Evaluate(approveAndWait)
			p.must(err, "decide")
			_, err = p.WaitForFunction(aheadLoaded, 3)
			p.must(err, "load the pictures of the ticket after it")
			bytes := loaded.Load() - before
			t.Logf("%s: %v ms to the next ticket with its pictures, %d bytes a decision", network.name, took, bytes)
			if bytes > mostDecisionBytes {
				t.Errorf("%s: a decision takes %d bytes, want at most %d", network.name, bytes, mostDecisionBytes)
			}
		}
	}
}
