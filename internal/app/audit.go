package app

import "docket/internal/audit"

func (i *Instance) countAudit(action audit.Action) { i.Metrics.CountAudit(string(action)) }

// reportBurst reports that an agent sees more in a minute than a person can read.
func (i *Instance) reportBurst(actor string) {
	i.Metrics.CountBurst()
	i.log.Warn("an agent sees more tickets or files in a minute than a person can read", "actor", actor)
}
