// A page (of a kiosk, an extension, an internal tool): its key was made here and cannot be read, not even by this page.
import { cacheStore, fromRolesAnywhere, shareEdgeSessions } from "anyrole/edge";
import { createAwsFetch } from "anyrole/fetch";

/** Who we are to AWS. `privateKey` is a CryptoKey of IndexedDB, and `secret` octets that are kept beside it. */
export async function callerIdentity({ certificate, privateKey, secret, ...arns }) {
  const store = cacheStore(await caches.open("anyrole"));
  const sharing = shareEdgeSessions({ store, secret });
  const awsFetch = createAwsFetch({ credentials: fromRolesAnywhere({ certificate, privateKey, sharing, ...arns }) });
  return await awsFetch("https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15");
}
