package e2e

import "testing"

// TestSearch_WhileTyping finds while each letter is typed, by keys alone, and loses none of them to what is loaded meanwhile.
func TestSearch_WhileTyping(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	customer, _ := openAsCustomer(t, s, "ann")
	customer.submit()
	agent := openAsAgent(t, s, "agent")
	agent.seeHeading("Queue")
	agent.keys("/")
	agent.Keyboard().Type("nguyen v")
	agent.seeHeading("Search")
	agent.seeText("Nguyễn Văn A")
	agent.Keyboard().Type("x")
	agent.seeText("Nothing is found for “nguyen vx”.")
	agent.seeValue("Find a ticket", "nguyen vx")
	axe(t, agent)
	agent.keys("Backspace")
	agent.seeText("Nguyễn Văn A")
	agent.keys("ArrowDown", "Enter")
	agent.at("/review/[0-9a-f-]{36}")
	agent.seeHeading("Nguyễn Văn A")
	agent.keys("/")
	agent.Keyboard().Type("b1234567")
	agent.keys("Enter")
	agent.seeHeading("Search")
}
