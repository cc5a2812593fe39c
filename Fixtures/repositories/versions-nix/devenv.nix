{ pkgs, lib, ... }:
let
  unstable = import inputs.unstable { system = pkgs.system; };
in
{
  env.GREET = "hello";
  env = { APP_MODE = "dev"; APP_ROOT = config.root; APP_HOME = "${lib.x}/y"; };
  languages = {
    ruby = { enable = true; bundler.enable = true; version = "3.3.0"; };
    javascript = {
      enable = true;
      package = unstable.nodejs-slim_22; # newest
    };
  };
  # languages.rust.enable = true;
  languages.python = {
    enable = false;
    version = "3.12";
  };
  services = {
    postgres = {
      enable = true;
      package = pkgs.postgresql_16;
      initialDatabases = [ { name = "app"; } ];
    };
    redis.enable = true;
  };
  services.mysql.enable = false;
  packages = [ pkgs.libyaml ] ++ lib.optionals pkgs.stdenv.isLinux [ pkgs.zlib ];
  enterShell = ''
    export A=''${B} # services.mongodb.enable = true;
    packages = [ pkgs.curl ];
  '';
  git-hooks.hooks.shellcheck.enable = true;
}
