module gyre;
