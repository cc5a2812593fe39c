package ifneeded feed 1.0 [list source feed.tcl]
