import { CRC32, CRC32C } from "../../../../core/crypto/checksum/crc32.ts";
import { suite } from "../../../support/suite.ts";
import { addChecksumTests } from "./checksum-tests.ts";
import { naiveCrc } from "./naive-checksum.ts";

const test = suite("core/crypto/checksum/crc32");

addChecksumTests(test, CRC32, "cbf43926", (data) => naiveCrc(data, 0x04c11db7n, 32));
addChecksumTests(test, CRC32C, "e3069283", (data) => naiveCrc(data, 0x1edc6f41n, 32));

test.run();
