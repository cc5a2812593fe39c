class Web
