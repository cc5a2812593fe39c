program main
  use mpi
end program
