import { CRC64NVME } from "../../../../core/crypto/checksum/crc64-nvme.ts";
import { suite } from "../../../support/suite.ts";
import { addChecksumTests } from "./checksum-tests.ts";
import { naiveCrc } from "./naive-checksum.ts";

const test = suite("core/crypto/checksum/crc64-nvme");

addChecksumTests(test, CRC64NVME, "ae8b14860a799888", (data) => naiveCrc(data, 0xad93d23594c93659n, 64));

test.run();
