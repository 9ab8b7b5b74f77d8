import { inferAwsHost } from "../../../core/fetch/mod.ts";
import { assert, assertNone, suite } from "../../support/suite.ts";

const test = suite("core/fetch/aws-host");

/** Host, service and region. */
const HOSTS = `
s3.amazonaws.com s3 us-east-1
photos.s3.amazonaws.com s3 us-east-1
photos.s3.eu-central-1.amazonaws.com s3 eu-central-1
my.photos.s3.eu-central-1.amazonaws.com s3 eu-central-1
s3-us-west-2.amazonaws.com s3 us-west-2
photos.s3-fips.dualstack.us-west-2.amazonaws.com s3 us-west-2
photos.s3.cn-north-1.amazonaws.com.cn s3 cn-north-1
key-123456789012.s3-accesspoint.us-west-2.amazonaws.com s3 us-west-2
123456789012.s3-control.us-west-2.amazonaws.com s3 us-west-2
mfzwi23gnjvgw.accesspoint.s3-global.amazonaws.com s3 *
photos--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com s3express us-west-2
s3express-control.us-west-2.amazonaws.com s3express us-west-2
key-123456789012.op-1.s3-outposts.us-west-2.amazonaws.com s3-outposts us-west-2
key-123456789012.s3-object-lambda.us-east-1.amazonaws.com s3-object-lambda us-east-1
photos.bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com s3 us-east-1
s3tables.us-east-1.amazonaws.com s3tables us-east-1
dynamodb.us-gov-west-1.amazonaws.com dynamodb us-gov-west-1
dynamodb.us-iso-east-1.c2s.ic.gov dynamodb us-iso-east-1
sqs.us-isob-east-1.sc2s.sgov.gov sqs us-isob-east-1
ec2.eu-isoe-west-1.cloud.adc-e.uk ec2 eu-isoe-west-1
ec2.us-isof-south-1.csp.hci.ic.gov ec2 us-isof-south-1
ec2.us-iso-east-1.api.aws.ic.gov ec2 us-iso-east-1
rolesanywhere.eusc-de-east-1.amazonaws.eu rolesanywhere eusc-de-east-1
lambda.eusc-de-east-1.api.amazonwebservices.eu lambda eusc-de-east-1
ec2.cn-northwest-1.api.amazonwebservices.com.cn ec2 cn-northwest-1
lambda.us-east-1.api.aws lambda us-east-1
kms-fips.us-east-1.amazonaws.com kms us-east-1
vpce-1a2b.dynamodb.us-east-1.vpce.amazonaws.com dynamodb us-east-1
a1b2c3.execute-api.eu-west-1.amazonaws.com execute-api eu-west-1
a1b2c3.lambda-url.eu-west-1.on.aws lambda eu-west-1
search-x.eu-west-1.es.amazonaws.com es eu-west-1
x.us-east-1.aoss.amazonaws.com aoss us-east-1
eu-west-1.queue.amazonaws.com sqs eu-west-1
iam.amazonaws.com iam us-east-1
iam.us-gov.amazonaws.com iam us-gov-west-1
iam.cn-north-1.amazonaws.com.cn iam cn-north-1
route53.amazonaws.com.cn route53 cn-northwest-1
route53.global.api.aws route53 us-east-1
email.eu-west-1.amazonaws.com ses eu-west-1
api.ecr.eu-west-1.amazonaws.com ecr eu-west-1
bedrock-runtime.us-east-1.amazonaws.com bedrock us-east-1
bedrock-agentcore.us-east-1.amazonaws.com bedrock-agentcore us-east-1
streams.dynamodb.us-east-1.amazonaws.com dynamodb us-east-1
metering.marketplace.us-east-1.amazonaws.com aws-marketplace us-east-1
iot.us-east-1.amazonaws.com iot us-east-1
a1b2-ats.iot.us-east-1.amazonaws.com iotdata us-east-1
data.jobs.iot.us-east-1.amazonaws.com iot-jobs-data us-east-1
x.appsync-api.us-east-1.amazonaws.com appsync us-east-1
photos.s3-accelerate.amazonaws.com s3 undefined
constructor.us-east-1.amazonaws.com constructor us-east-1
`;

test("inferAwsHost() reads service and region of hosts of every partition", async () => {
  const faults: string[] = [];
  for (const line of HOSTS.trim().split("\n")) {
    const host = line.split(" ")[0]!;
    const { service, region } = await inferAwsHost(host) ?? {};
    if (`${host} ${service} ${region}` !== line) faults.push(`${line}: ${service} ${region}`);
  }
  assertNone(faults);
});

test("inferAwsHost() knows no host that is not a service's", async () => {
  for (
    const host of [
      "example.com",
      "amazonaws.com",
      "evil-amazonaws.com",
      "s3.eu-central-1.amazonaws.com.example.com",
      "ec2-1-2-3-4.eu-west-1.compute.amazonaws.com",
      "ec2-1-2-3-4.compute-1.amazonaws.com",
      "web-1.eu-west-1.elb.amazonaws.com",
      "web-1.elb.eu-west-1.amazonaws.com",
      "0a1b2c.eks-cluster.eu-west-1.api.aws",
      "vpce-0a1b-2c3d.vpce-svc-4e5f.eu-west-1.vpce.amazonaws.com",
      "photos.s3-website.eu-central-1.amazonaws.com",
      "x.gr7.us-east-1.eks.amazonaws.com",
      "photos.s3-website-us-east-1.amazonaws.com",
      "x.eu-west-1.on.aws",
      "127.0.0.1",
      "",
    ]
  ) assert.is(await inferAwsHost(host), undefined, host);
});

test.run();
