package e2e

import (
	"testing"

	"github.com/playwright-community/playwright-go"

	"docket/internal/account"
)

func vietnamese(o *playwright.BrowserNewContextOptions) { o.Locale = new("vi-VN") }

func TestPages_CustomerInVietnamese(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"phone": {phone}, "desktop": {desktop, dark}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			p := open(t, s.URL, append(options, vietnamese)...)
			p.seeHeading("Đăng nhập")
			p.look("vi-login")
			p.expectStatus(422)
			p.fill("Địa chỉ e-mail", "nobody@example.com")
			p.fill("Mật khẩu", "a wrong password")
			p.press("Đăng nhập")
			p.seeText("không khớp nhau")
			p.look("vi-login-wrong")
			p.follow("Tạo tài khoản")
			p.seeHeading("Tạo tài khoản")
			p.press("Hiện mật khẩu")
			p.look("vi-signup")
			p.fill("Địa chỉ e-mail", "khach@example.com")
			p.fill("Mật khẩu", "mười hai chữ cái")
			p.press("Tạo tài khoản")
			p.seeHeading("Yêu cầu của tôi")
			p.look("vi-tickets-empty")
			p.follow("Yêu cầu mới")
			p.at("/tickets/new")
			p.look("vi-form")
			p.expectStatus(422)
			p.fill("Số giấy tờ", "1")
			p.press("Gửi để xét duyệt")
			p.seeMessage("Số giấy tờ", "Cần ít nhất 4 ký tự")
			p.seeText("Bạn hãy xem lại 7 câu trả lời")
			p.look("vi-form-wrong")
			p.fillInVietnamese()
			p.press("Gửi để xét duyệt")
			p.at("/tickets/[0-9a-f-]{36}")
			p.seeHeading("Đang xét duyệt")
			p.look("vi-ticket-waiting")
			p.visit("/tickets/new")
			p.seeText("Bạn đang có một yêu cầu chưa xử lý xong")
			p.look("vi-form-open-ticket")
			agent := openAsAgent(t, s, "agent")
			agent.follow("Nguyễn Văn A")
			agent.tick(builtInForm().Reasons[0].Label)
			agent.press("Reject")
			agent.seeHeading("Rejected")
			p.visit("/tickets")
			p.look("vi-tickets")
			p.must(p.Locator(".ticket-item a").Click(), "open the ticket")
			p.seeHeading("Chúng tôi cần ảnh khác: Mặt trước giấy tờ")
			p.seeText("Những phần khác vẫn giữ nguyên như bạn đã gửi.")
			p.look("vi-ticket-rejected")
			p.expectStatus(404)
			p.visit("/tickets/nothing")
			p.seeHeading("Không tìm thấy yêu cầu")
			p.look("vi-not-found")
			p.expectStatus(403)
			p.visit("/review")
			p.seeHeading("Tài khoản này không có quyền")
			p.look("vi-forbidden")
		})
	}
}

// fillInVietnamese answers what the built-in form asks of everybody, with countries by their Vietnamese names.
func (p *page) fillInVietnamese() {
	p.t.Helper()
	p.fill("Họ và tên", "Nguyễn Văn A")
	p.fill("Ngày", "31")
	p.fill("Tháng", "1")
	p.fill("Năm", "1990")
	p.choose("Quốc tịch", "Việt Nam")
	p.tick("Hộ chiếu")
	p.choose("Nước cấp", "Việt Nam")
	p.fill("Số giấy tờ", "B1234567")
	p.fill("Ngày hết hạn (không bắt buộc)", "2040-01-01")
	p.tick("Tôi đồng ý cho sử dụng thông tin của tôi để xác minh danh tính")
}

func TestLanguage_AgentSwitches(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, _ := openAsCustomer(t, s, "customer")
	customer.submit()
	p := openAsAgent(t, s, "agent")
	p.seeHeading("Queue")
	p.press("Tiếng Việt")
	p.seeHeading("Hàng đợi")
	p.look("vi-queue")
	p.keys("n")
	p.seeText("Trả lại")
	p.seeText("Mặt trước giấy tờ bị mờ")
	p.look("vi-review")
	p.press("English")
	p.seeText("Put back")
	p.at("/review/[0-9a-f-]{36}")
}

func TestLanguage_Switched(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]option{"with scripts": {phone}, "without": {phone, noScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSite(t)
			p, _ := openAs(t, s, "customer", account.Customer, options...)
			p.seeHeading("My tickets")
			p.visit("/tickets/new?from=here")
			p.fits()
			p.press("Tiếng Việt")
			p.at("/tickets/new")
			p.seeText("(không bắt buộc)")
			p.follow("Yêu cầu của tôi")
			p.seeHeading("Yêu cầu của tôi")
			p.press("English")
			p.seeHeading("My tickets")
			p.at("/tickets")
		})
	}
}
