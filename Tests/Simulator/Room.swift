import RCMLBasics
