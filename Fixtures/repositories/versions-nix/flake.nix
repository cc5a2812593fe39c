{
  outputs = { self, nixpkgs }: {
    devShells.x86_64-linux.default = pkgs.mkShell {
      nativeBuildInputs = with pkgs; [ pkg-config cmake ];
      packages = with pkgs;
        [
          nodejs_20 # runtime
          (python311.withPackages (ps: [ ps.requests ]))
          pkgs.postgresql_16
          go_1_22
          openssl.dev
          unknownThing
        ];
    };
  };
}
