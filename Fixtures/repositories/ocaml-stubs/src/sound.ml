external open_ : unit -> unit = "sound_open"
