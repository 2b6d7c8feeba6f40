// server.mjs: npm's oidc-provider with the identity platform's paths, on a free loopback port that it
// prints. What the platform documents differently is adapted here, and nothing else. The test's
// requests are the browser: a "Test-Answer: decline" header declines. Ends with its standard input.
// SPDX-License-Identifier: GPL-3.0-or-later
import * as http from 'node:http';
import { generateKeyPairSync } from 'node:crypto';

console.info = console.warn = console.error;  // standard output is for the port alone
const { default: Provider } = await import('oidc-provider');

const TENANT = '11111111-2222-3333-4444-555555555555';
const BASE = `/${TENANT}/oauth2/v2.0`;
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const SCOPES = {
  'https://api.securitycenter.microsoft.com': ['Machine.Read', 'SecurityRecommendation.Read',
    'Vulnerability.Read', 'RemediationTask.Read', 'Score.Read'],
  'https://graph.microsoft.com': ['User.Read', 'DeviceManagementApps.Read.All',
    'DeviceManagementManagedDevices.Read.All', 'DeviceManagementApps.ReadWrite.All'],
};
const RESOURCES = Object.keys(SCOPES);
const scopeOf = (resource) => SCOPES[resource].map((name) => `${resource}/${name}`).join(' ');

const makeClient = (id) => ({
  client_id: id,
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  redirect_uris: ['http://localhost/'],
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token', DEVICE_GRANT],
});

const configuration = {
  clients: [makeClient('app-1'), makeClient('app-short')],
  cookies: { keys: ['not-a-secret'] },
  jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
  routes: {
    authorization: `${BASE}/authorize`,
    token: `${BASE}/token`,
    device_authorization: `${BASE}/devicecode`,
    code_verification: '/device',
    revocation: '/revoke',
  },
  scopes: ['openid', 'offline_access', 'profile'],
  claims: { openid: ['sub', 'tid'], profile: ['name', 'preferred_username'] },
  conformIdTokenClaims: false,
  pkce: { methods: ['S256'], required: () => true },
  rotateRefreshToken: true,
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, tid: TENANT, name: 'Ana Ä', preferred_username: 'ana@contoso.example' }),
  }),
  ttl: {
    AccessToken: 3599, AuthorizationCode: 60, Grant: 3600, IdToken: 3599, Interaction: 600,
    RefreshToken: 3600, Session: 3600,
    DeviceCode: (ctx, code, client) => (client.clientId === 'app-short' ? 1 : 900),
  },
  features: {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    deviceFlow: {
      enabled: true,
      userCodeConfirmSource: (ctx, form) => { ctx.body = form; },
      successSource: (ctx) => { ctx.body = 'done'; },
    },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      defaultResource: (ctx, client, granted) =>
        granted?.find((resource) => ctx.oidc.params.scope?.includes(`${resource}/`)) ?? granted?.[0],
      getResourceServerInfo: (ctx, resource) =>
        ({ scope: scopeOf(resource), accessTokenFormat: 'opaque', accessTokenTTL: 3599 }),
    },
  },
};

// The platform has no resource parameter: the scopes' prefix names the one resource (two give
// AADSTS28000). Its refresh token is good for every resource, and offline_access needs no prompt: here
// the grant covers all resources, the one asked for first.
function nameResources(params) {
  const asked = RESOURCES.filter((resource) => params.scope?.includes(`${resource}/`));

  if (asked.length !== 1)
    return false;
  params.resource = [...asked, ...RESOURCES.filter((resource) => resource !== asked[0])];
  params.scope += ` ${RESOURCES.map(scopeOf).join(' ')}`;
  params.prompt = 'consent';
  return true;
}

async function readForm(request) {
  let text = '';

  for await (const chunk of request)
    text += chunk;
  return Object.fromEntries(new URLSearchParams(text));
}

function refuse(ctx, error, description) {
  ctx.status = 400;
  ctx.body = { error, error_description: description };
}

async function adapt(ctx, next) {
  let params = ctx.method === 'POST' && ctx.path.startsWith(BASE) ? await readForm(ctx.req) : null;

  if (ctx.path === `${BASE}/authorize`) {
    params = { ...ctx.query };
    if (!nameResources(params))
      return refuse(ctx, 'invalid_request', 'AADSTS28000: one resource a request');
    ctx.query = params;
  } else if (ctx.path === `${BASE}/devicecode`) {
    if (!nameResources(params))
      return refuse(ctx, 'invalid_request', 'AADSTS28000: one resource a request');
    delete params.prompt;
  }
  if (params !== null)
    ctx.req.body = params;
  await next();
  if (ctx.path === `${BASE}/devicecode` && ctx.status === 200) {
    const { verification_uri_complete: dropped, ...rest } = ctx.body;

    // The client is to learn of the expiry from the server, not from its own clock.
    ctx.body = { ...rest, expires_in: 900, interval: 5, message: `Open ${rest.verification_uri}` };
  }
  if (ctx.path === `${BASE}/token` && params?.grant_type === DEVICE_GRANT &&
      ctx.body?.error === 'access_denied')
    ctx.body = { ...ctx.body, error: 'authorization_declined' };
  return undefined;
}

const server = http.createServer();
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const { port } = server.address();
const provider = new Provider(`http://127.0.0.1:${port}`, configuration);

async function decide(ctx) {
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);

  if (ctx.get('Test-Answer') === 'decline')
    return { error: 'access_denied', error_description: 'AADSTS65004: the user declined' };
  const grant = new provider.Grant({ accountId: 'ana', clientId: params.client_id });
  grant.addOIDCScope('openid offline_access profile');
  for (const resource of RESOURCES)
    grant.addResourceScope(resource, scopeOf(resource));
  return { login: { accountId: 'ana' }, consent: { grantId: await grant.save() } };
}

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/'))
    return adapt(ctx, next);
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, await decide(ctx),
                                                { mergeWithLastSubmission: false }));
  return undefined;
});
provider.on('server_error', (ctx, error) => console.error(error));
server.on('request', provider.callback());
process.stdin.on('end', () => process.exit(0)).resume();
process.stdout.write(`${port}\n`);
