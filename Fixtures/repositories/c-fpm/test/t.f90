program t
end program
