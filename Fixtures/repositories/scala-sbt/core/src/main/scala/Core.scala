class Core
