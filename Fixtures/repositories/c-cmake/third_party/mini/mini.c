int mini;
