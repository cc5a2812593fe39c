      PROGRAM OLD
      END
