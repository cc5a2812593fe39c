Module {
	name: 'hoard'
	version: '0.1.0'
}
