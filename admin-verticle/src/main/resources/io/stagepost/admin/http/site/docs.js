// What is tried out here is asked for with the session of the console.
let csrf = "";

fetch("/api/v1/account")
  .then((answer) => (answer.ok ? answer.json() : {}))
  .then((account) => {
    csrf = account.csrfToken ?? "";
  })
  .finally(() => {
    SwaggerUIBundle({
      url: "/api/openapi.yaml",
      dom_id: "#contract",
      deepLinking: true,
      validatorUrl: null,
      requestInterceptor: (request) => {
        if (csrf && request.method !== "GET") {
          request.headers["X-CSRF-Token"] = csrf;
        }
        return request;
      },
    });
  });
