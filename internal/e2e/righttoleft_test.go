package e2e

import (
	"os"
	"sync"
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/i18n"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// arabicForm is a form in a language whose words are one file beside docket's own, as with --locales.
var arabicForm = sync.OnceValues(func() (*form.Form, error) {
	if err := i18n.AddFolder("testdata/locales"); err != nil {
		return nil, err
	}
	text, err := os.ReadFile("testdata/arabic.yaml")
	if err != nil {
		return nil, err
	}
	return formfile.Parse(text)
})

func arabic(o *playwright.BrowserNewContextOptions) { o.Locale = new("ar-EG") }

// mirrored checks that a page is written from right to left, and fits.
func (p *page) mirrored() {
	p.t.Helper()
	p.must(p.expect.Locator(p.Locator("html[dir=rtl][lang=ar]")).ToHaveCount(1), "see a page from right to left")
	p.fits()
	wrong, err := p.Evaluate(`() => {
		const h1 = document.querySelector("h1").getBoundingClientRect(), brand = document.querySelector(".brand").getBoundingClientRect();
		return brand.right > innerWidth / 2 && h1.right > innerWidth / 2 ? "" : "the heading or the name of the site stands at the left";
	}`)
	p.must(err, "look where things stand")
	if wrong != "" {
		p.t.Errorf("%s: %v", p.URL(), wrong)
	}
}

// seeDirection waits until something is written in a direction.
func (p *page) seeDirection(selector, direction string) {
	p.t.Helper()
	p.must(p.expect.Locator(p.Locator(selector).First()).ToHaveCSS("direction", direction), "see %s from %s", selector, direction)
}

func TestPages_CustomerInArabic(t *testing.T) {
	t.Parallel()
	f, err := arabicForm()
	if err != nil {
		t.Fatal(err)
	}
	s := testsite.Start(t, f, 1, testdb.New(t))
	email, _ := s.Account(t, "customer", account.Customer)
	p := open(t, s.URL, phone, arabic)
	p.mirrored()
	p.fill("البريد الإلكتروني", email)
	p.fill("كلمة المرور", testsite.Password)
	p.press("تسجيل الدخول")
	p.seeHeading("طلباتي")
	p.mirrored()
	p.visit("/tickets/new")
	p.mirrored()
	p.look("ar-form")
	p.tick("جواز سفر")
	p.pick("front", "front.jpg", blurred())
	p.seePhoto("front")
	p.fill("رقم الوثيقة", "L898902C3")
	p.seeDirection("[name=number]", "ltr")
	p.look("ar-form-document")
	p.goOnInArabic()
	p.fill("الاسم الكامل", "آنا ماريا")
	p.choose("الجنسية", "السويد")
	p.fill("رقم الهاتف (اختياري)", "+46 70 123 45 67")
	p.seeDirection("[name=full_name]", "rtl")
	p.seeDirection("[name=phone]", "ltr")
	p.tick("أوافق على استخدام بياناتي للتحقق من هويتي")
	p.look("ar-form-about")
	p.goOnInArabic()
	p.look("ar-form-check")
	p.press("أرسل للمراجعة")
	p.seeHeading("قيد المراجعة")
	p.mirrored()
	p.look("ar-ticket")

	agent := openAsAgent(t, s, "agent")
	agent.press("Take next N")
	agent.tick("Front blurred")
	agent.press("Reject")
	agent.seeText("Rejected: ")
	p.Reload()
	p.seeHeading("نحتاج إلى صورة أخرى: وجه الوثيقة")
	p.mirrored()
	p.look("ar-retake")
	p.follow("التقط الصورة مرة أخرى")
	p.seeText("الصورة غير واضحة.")
	p.mirrored()
	p.look("ar-retake-form")
}

// goOnInArabic goes to the next step of a form in steps.
func (p *page) goOnInArabic() {
	p.t.Helper()
	p.press("متابعة")
}
