package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"
	"github.com/pquerna/otp/totp"
)

// waitTime is how many milliseconds one step may take. A machine that has much else to do is slow: only what never comes ends the tour.
const waitTime = 600_000.0

// visitor is one browser window, signed in or not. After the first step that fails, the others do nothing; err says why.
type visitor struct {
	page   playwright.Page
	camera *camera
	base   string
	err    error
}

// tour is what all visitors share.
type tour struct {
	browser playwright.Browser
	site    *site
	camera  *camera
}

func (t *tour) newVisitor(locale string) *visitor { return t.newBrowser(locale, true) }

// newPlainVisitor has a browser without scripts.
func (t *tour) newPlainVisitor() *visitor { return t.newBrowser("en-GB", false) }

func (t *tour) newBrowser(locale string, scripts bool) *visitor {
	return t.openWindow(playwright.BrowserNewContextOptions{
		JavaScriptEnabled: &scripts, Locale: &locale, Viewport: &playwright.Size{Width: 1440, Height: 900},
	})
}

// openWindow opens a window. If it cannot be opened, the visitor has an error and does nothing.
func (t *tour) openWindow(options playwright.BrowserNewContextOptions) *visitor {
	v := &visitor{camera: t.camera, base: t.site.env["BASE_URL"]}
	options.BaseURL, options.TimezoneId, options.ReducedMotion = &v.base, new("UTC"), playwright.ReducedMotionReduce
	window, err := t.browser.NewContext(options)
	if err != nil {
		v.err = err
		return v
	}
	window.SetDefaultTimeout(waitTime)
	window.SetDefaultNavigationTimeout(waitTime)
	if v.page, v.err = window.NewPage(); v.err == nil {
		t.camera.listen(v.page)
	}
	return v
}

// signIn opens a window for one of the demo accounts, such as DEMO_AGENT.
func (t *tour) signIn(account, locale string) *visitor {
	v := t.newVisitor(locale)
	v.open("/login")
	v.fill("email", t.site.env[account])
	v.fill("password", t.site.env["DEMO_PASSWORD"])
	v.send("/login")
	v.wait("/tickets", "/review")
	return v
}

func (v *visitor) do(what string, step func() error) {
	if v.err != nil {
		return
	}
	if err := step(); err != nil {
		v.err = fmt.Errorf("%s at %s: %w", what, v.page.URL(), err)
		_, _ = v.page.Screenshot(playwright.PageScreenshotOptions{Path: new(filepath.Join(v.camera.out, "failed.png"))}) // only a help
	}
}

func (v *visitor) open(path string) {
	v.do("open "+path, func() error { _, err := v.page.Goto(path); return err })
}

// fill types into the field of a name.
func (v *visitor) fill(name, text string) {
	v.do("fill "+name, func() error { return v.find("[name='%s']:not([type=hidden])", name).Fill(text) })
}

// choose picks an option, a radio button or a checkbox of a name by its value.
func (v *visitor) choose(name, value string) {
	v.do("choose "+name, func() error { return v.find("input[name='%s'][value='%s']", name, value).Check() })
}

func (v *visitor) pick(name, value string) {
	v.do("pick "+name, func() error {
		_, err := v.find("select[name='%s']", name).SelectOption(playwright.SelectOptionValues{Values: &[]string{value}}, playwright.LocatorSelectOptionOptions{Timeout: new(waitTime)})
		return err
	})
}

// attach chooses a file for a field and waits until the server has it.
func (v *visitor) attach(name string, picture []byte) {
	v.do("attach "+name, func() error {
		_, err := v.page.ExpectResponse("**/files/"+name, func() error {
			return v.find("input[type=file][name='%s']", name).SetInputFiles([]playwright.InputFile{{Name: name + ".jpg", MimeType: "image/jpeg", Buffer: picture}})
		})
		return err
	})
	v.see("#field-" + strings.ReplaceAll(name, ".", "-") + "-box img")
}

// send presses the visible button that posts to a path.
func (v *visitor) send(path string) {
	selector := fmt.Sprintf("form[action$='%[1]s'] button:not([formaction]):not([name]):not([type=button]), button[formaction$='%[1]s']", path)
	v.do("send to "+path, func() error {
		return v.findVisible(selector).Click()
	})
}

// sendNow makes a pending decision, if its time is not over yet, and waits for what a page shows once it is made.
func (v *visitor) sendNow(made string) {
	const button = "form[action$='/send'] button"
	v.do("see the decision", func() error {
		return v.findVisible(button + ", " + made).waitFor(playwright.WaitForSelectorStateVisible)
	})
	v.do("make the decision", func() error {
		if n, err := v.findVisible(button).Count(); err != nil || n == 0 {
			return err
		}
		return v.findVisible(button).Click()
	})
	v.see(made)
}

// goOn goes from one step of the form to the one with a key.
func (v *visitor) goOn(key string) {
	v.do("go on to step "+key, func() error {
		if err := v.findVisible("button[name='form-go'][value='on']").Click(); err != nil {
			return err
		}
		return v.find("input[name='form-step'][value='%s']", key).waitFor(playwright.WaitForSelectorStateAttached)
	})
}

// wait waits until the page is at one of these paths or below it.
func (v *visitor) wait(paths ...string) {
	v.do("wait for "+strings.Join(paths, " or "), func() error {
		return v.page.WaitForURL(func(address string) bool {
			for _, path := range paths {
				if strings.HasPrefix(address, v.base+path) && !strings.HasPrefix(address, v.base+"/tickets/new") {
					return true
				}
			}
			return false
		})
	})
}

// see waits until something of a CSS selector is visible.
func (v *visitor) see(selector string) {
	v.do("see "+selector, func() error { return v.find("%s", selector).waitFor(playwright.WaitForSelectorStateVisible) })
}

// waitForMessage opens the e-mails of docket dev until there is one with a text in its subject.
func (v *visitor) waitForMessage(text string) error {
	return v.reloadUntil("/dev/mail", fmt.Sprintf("a:has-text('%s')", text))
}

func (v *visitor) press(key string) {
	v.do("press "+key, func() error { return v.page.Keyboard().Press(key) })
}

func (v *visitor) find(selector string, args ...any) element {
	return element{v.page.Locator(fmt.Sprintf(selector, args...)).First()}
}

func (v *visitor) findVisible(selector string) element {
	return element{v.page.Locator(selector).Filter(playwright.LocatorFilterOptions{Visible: new(true)}).First()}
}

// element is a part of a page. What is done with it waits for waitTime: the driver would wait for 30 seconds, whatever the window's default is.
type element struct{ playwright.Locator }

func (e element) Click() error {
	return e.Locator.Click(playwright.LocatorClickOptions{Timeout: new(waitTime)})
}

func (e element) Check() error {
	return e.Locator.Check(playwright.LocatorCheckOptions{Timeout: new(waitTime)})
}

func (e element) Fill(text string) error {
	return e.Locator.Fill(text, playwright.LocatorFillOptions{Timeout: new(waitTime)})
}

func (e element) SetInputFiles(files any) error {
	return e.Locator.SetInputFiles(files, playwright.LocatorSetInputFilesOptions{Timeout: new(waitTime)})
}

func (e element) InnerText() (string, error) {
	return e.Locator.InnerText(playwright.LocatorInnerTextOptions{Timeout: new(waitTime)})
}

func (e element) waitFor(state *playwright.WaitForSelectorState) error {
	return e.WaitFor(playwright.LocatorWaitForOptions{State: state, Timeout: new(waitTime)})
}

// appCode is what an app shows that has the key of the page.
func (v *visitor) appCode() (code string) {
	v.do("make a code", func() error {
		secret, err := v.find(".secret").InnerText()
		if err == nil {
			code, err = totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), time.Now())
		}
		return err
	})
	return code
}

// take takes pictures of what is shown now, under a name.
func (v *visitor) take(name string) {
	v.do("take "+name, func() error { return v.camera.take(v.page, name) })
}

// openAndTake opens a page and takes it.
func (v *visitor) openAndTake(path, name string) {
	v.open(path)
	v.take(name)
}

// path is the path of the page; empty after an error.
func (v *visitor) path() string {
	if v.err != nil {
		return ""
	}
	return strings.TrimPrefix(v.page.URL(), v.base)
}
