// node-oidc-provider with the addresses, the claims and the lifetimes of Pro Santé Connect.
// Prints its address. Who comes in is the `identite` of the configuration given as first argument (JSON).
import { randomBytes } from "node:crypto";
import http from "node:http";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [folder, text] = process.argv.slice(2);
const module = await import(pathToFileURL(join(folder, "node_modules/oidc-provider/lib/index.js")));
const Provider = module.default;
const { errors } = module;
const { identites, client, retour } = JSON.parse(text);
const REALM = "/auth/realms/esante-wallet";
const OIDC = `${REALM}/protocol/openid-connect`;
const SCOPE = "openid scope_all offline_access";
const claims = [...new Set(identites.flatMap((each) => Object.keys(each)))];

const server = http.createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

async function grant(accountId) {
  const made = new provider.Grant({ accountId, clientId: client.id });
  made.addOIDCScope(SCOPE);
  return made.save();
}

const provider = new Provider(`${origin}${REALM}`, {
  clients: [{
    client_id: client.id,
    client_secret: client.secret,
    redirect_uris: [retour],
    post_logout_redirect_uris: [retour],
    response_types: ["code"],
    grant_types: ["authorization_code", "refresh_token", "urn:openid:params:grant-type:ciba"],
    backchannel_token_delivery_mode: "poll",
  }],
  routes: {
    authorization: "/auth", token: `${OIDC}/token`, userinfo: `${OIDC}/userinfo`, jwks: `${OIDC}/certs`,
    introspection: `${OIDC}/token/introspect`, revocation: `${OIDC}/revoke`, end_session: `${OIDC}/logout`,
    backchannel_authentication: `${OIDC}/ext/ciba/auth`,
  },
  acrValues: ["eidas1"],
  scopes: ["openid", "scope_all", "offline_access"],
  claims: { openid: ["sub"], scope_all: claims, acr: null, amr: null, auth_time: null },
  conformIdTokenClaims: false,
  extraParams: ["channel"],
  pkce: { required: () => true, methods: ["S256"] },
  cookies: { keys: [randomBytes(16).toString("hex")] },
  ttl: { AccessToken: 120, RefreshToken: 1800, BackchannelAuthenticationRequest: 120, Session: 14400, Grant: 14400,
         IdToken: 120, Interaction: 600, AuthorizationCode: 60 },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: async (_ctx, id) => {
    const found = identites.find((each) => each.sub === id);
    return found && { accountId: id, claims: async () => found };
  },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: async (ctx, form) => { ctx.body = `${form}<!-- confirm -->`; } },
    ciba: {
      enabled: true,
      deliveryModes: ["poll"],
      processLoginHint: async (_ctx, hint) => identites.find((each) => each.SubjectNameID === hint)?.sub,
      validateBindingMessage: async (_ctx, message) => {
        if (!/^[0-9]{2}$/.test(message ?? "")) throw new errors.InvalidBindingMessage("two digits");
      },
      validateRequestContext: async () => {},
      verifyUserCode: async () => {},
      triggerAuthenticationDevice: async (ctx, request, account) => {
        const refused = identites.find((each) => each.sub === account.accountId).refuse;
        setTimeout(async () => {
          const result = refused ? new errors.AccessDenied("refused") : await grant(account.accountId);
          await provider.backchannelResult(request, result, { acr: "eidas1", amr: [ctx.oidc.params.channel] });
        }, 1500);
      },
    },
  },
});
provider.proxy = true;
const answer = provider.callback();
server.on("request", async (req, res) => {
  const url = new URL(req.url, origin);
  if (url.pathname === `${REALM}/.well-known/wallet-openid-configuration`) {
    req.url = "/.well-known/openid-configuration";
  }
  if (!url.pathname.startsWith("/interaction/")) return answer(req, res);
  const { params } = await provider.interactionDetails(req, res);
  const accountId = identites[0].sub;
  await provider.interactionFinished(req, res, {
    login: { accountId, acr: params.acr_values, amr: ["MOBILE"] },
    consent: { grantId: await grant(accountId) },
  });
});
console.log(origin);
