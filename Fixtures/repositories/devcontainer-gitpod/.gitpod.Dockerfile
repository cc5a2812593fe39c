FROM gitpod/workspace-full:latest
RUN bash -lc 'rvm install ruby-3.1.2 && nvm install 18.16.0'
RUN sudo apt-get update && sudo apt-get install -y redis-server
