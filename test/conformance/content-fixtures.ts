import {
  fromJsonSchema,
  ResourceTemplate,
  type CallToolResult,
  type McpServer,
} from "@modelcontextprotocol/server";
import * as z from "zod";

/** One red pixel. */
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/** A WAV file without samples. */
const wav = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** What the suite asks for by name to see each kind of content. */
export function mountContent(server: McpServer): void {
  mountTools(server);
  mountTalkingTools(server);
  mountResources(server);
  mountPrompts(server);
  server.server.setRequestHandler("logging/setLevel", async () => ({}));
}

type Content = CallToolResult["content"];

function mountTools(server: McpServer): void {
  const answers: readonly (readonly [string, Content])[] = [
    ["test_simple_text", [{ type: "text", text: "This is a simple text response for testing." }]],
    ["test_image_content", [{ type: "image", data: png, mimeType: "image/png" }]],
    ["test_audio_content", [{ type: "audio", data: wav, mimeType: "audio/wav" }]],
    [
      "test_embedded_resource",
      [
        {
          type: "resource",
          resource: { uri: "test://embedded-resource", mimeType: "text/plain", text: "embedded" },
        },
      ],
    ],
    [
      "test_multiple_content_types",
      [
        { type: "text", text: "Multiple content types test:" },
        { type: "image", data: png, mimeType: "image/png" },
        {
          type: "resource",
          resource: {
            uri: "test://mixed",
            mimeType: "application/json",
            text: '{"test":"data","value":123}',
          },
        },
      ],
    ],
    ["test_streaming_elicitation", [{ type: "text", text: "nothing was asked" }]],
  ];
  for (const [name, content] of answers)
    server.registerTool(name, { description: "Fixture" }, async () => ({ content }));
  server.registerTool("test_error_handling", { description: "Fixture" }, async () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
  const properties = {
    region: { type: "string", "x-mcp-header": "Region" },
    level: { type: "integer" },
  } as const;
  server.registerTool(
    "test_x_mcp_header",
    {
      description: "Fixture",
      inputSchema: fromJsonSchema<{ region?: string; level?: number }>({ type: "object", properties }),
    },
    async ({ region }) => ({ content: [{ type: "text", text: `region=${region ?? "none"}` }] }),
  );
}

function mountTalkingTools(server: McpServer): void {
  const inputSchema = z.object({});
  server.registerTool("test_tool_with_logging", { description: "Fixture", inputSchema }, async (_, ctx) => {
    for (const text of ["started", "processing data", "completed"]) {
      await ctx.mcpReq.notify({
        method: "notifications/message",
        params: { level: "info", data: `Tool ${text}` },
      });
      await pause();
    }
    return { content: [{ type: "text", text: "done" }] };
  });
  server.registerTool("test_logging_tool", { description: "Fixture", inputSchema }, async (_, ctx) => {
    await ctx.mcpReq.log("info", "only for requests that ask for a level");
    return { content: [{ type: "text", text: "done" }] };
  });
  server.registerTool("test_tool_with_progress", { description: "Fixture", inputSchema }, async (_, ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
      const params = { progressToken: progressToken ?? "", progress, total: 100 };
      await ctx.mcpReq.notify({ method: "notifications/progress", params });
      await pause();
    }
    return { content: [{ type: "text", text: String(progressToken) }] };
  });
}

function mountResources(server: McpServer): void {
  const fixed = [
    ["static-text", "text/plain", { text: "This is the content of the static text resource." }],
    ["static-binary", "image/png", { blob: png }],
    ["watched-resource", "text/plain", { text: "Watched resource content" }],
  ] as const;
  for (const [name, mimeType, content] of fixed) {
    const uri = `test://${name}`;
    server.registerResource(name, uri, { description: "Fixture", mimeType }, async () => ({
      contents: [{ uri, mimeType, ...content }],
    }));
  }
  server.registerResource(
    "template",
    new ResourceTemplate("test://template/{id}/data", { list: undefined }),
    { description: "Fixture", mimeType: "application/json" },
    async (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: "application/json",
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  );
  server.server.setRequestHandler("resources/subscribe", async () => ({}));
  server.server.setRequestHandler("resources/unsubscribe", async () => ({}));
}

function mountPrompts(server: McpServer): void {
  const say = (text: string) => ({ role: "user" as const, content: { type: "text" as const, text } });
  server.registerPrompt("test_simple_prompt", { description: "Fixture" }, async () => ({
    messages: [say("This is a simple prompt for testing.")],
  }));
  server.registerPrompt(
    "test_prompt_with_arguments",
    { description: "Fixture", argsSchema: z.object({ arg1: z.string(), arg2: z.string() }) },
    async ({ arg1, arg2 }) => ({ messages: [say(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)] }),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description: "Fixture", argsSchema: z.object({ resourceUri: z.string() }) },
    async ({ resourceUri: uri }) => ({
      messages: [
        {
          role: "user",
          content: { type: "resource", resource: { uri, mimeType: "text/plain", text: "embedded" } },
        },
        say("Please process the embedded resource above."),
      ],
    }),
  );
  server.registerPrompt("test_prompt_with_image", { description: "Fixture" }, async () => ({
    messages: [
      { role: "user", content: { type: "image", data: png, mimeType: "image/png" } },
      say("Please analyze the image above."),
    ],
  }));
}
