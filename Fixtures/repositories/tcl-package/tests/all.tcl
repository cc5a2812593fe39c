package require tcltest
