procedure Scan is
begin
   null;
end Scan;
