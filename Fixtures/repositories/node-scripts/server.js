require('node:http')
