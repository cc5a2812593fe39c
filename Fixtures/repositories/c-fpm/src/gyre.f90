module gyre
end module
