std = 'ngx_lua'
