package require Tcl 8.6
package require Tk
