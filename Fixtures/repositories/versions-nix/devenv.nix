{ pkgs, ... }:
{
  languages.ruby.enable = true;
  languages.ruby.version = "3.3.0";
  languages.javascript = {
    enable = true;
  };
  services.redis.enable = true;
  services.mysql.enable = false;
  packages = [ pkgs.libyaml ];
}
