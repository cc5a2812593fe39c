module C = Configurator.V1

let () =
  C.main ~name:"sound" (fun c ->
      let default : C.Pkg_config.package_conf =
        { libs = [ "-ljack"; "-lm" ]; cflags = [] }
      in
      let conf =
        match C.Pkg_config.get c with
        | None -> default
        | Some pc -> (
            match C.Pkg_config.query pc ~package:"samplerate" with
            | None -> default
            | Some deps -> deps)
      in
      ignore (C.C_define.import c ~includes:[ "dssi.h" ] []);
      C.Flags.write_sexp "c_library_flags.sexp" conf.libs)
