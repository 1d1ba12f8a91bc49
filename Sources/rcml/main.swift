import CRCML
