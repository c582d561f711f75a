package form

// AccountInput is the input of a page's form that names the account the page was made for. No field of a form can have this name.
const AccountInput = "_account"
