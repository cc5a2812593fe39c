local _M = { _VERSION = "0.1" }
return _M
