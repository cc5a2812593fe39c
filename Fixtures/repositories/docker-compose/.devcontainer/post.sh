sudo apt-get install -y redis-tools
