select * from (values (1,'a',10.0),(2,'b',null),(2,'c',-5.5),(null,'d',7.25)) t(id, name, amount)
