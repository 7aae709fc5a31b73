/*
 * `@tencentcloud/chat` describes only its main file. What our code sees of an instance is typed in
 * `sdk.ts`; everything an instance hands out is `unknown` there and goes through a schema.
 */
declare module '@tencentcloud/chat/index.es.js' {
  const TencentCloudChat: {
    create(options: {
      SDKAppID: number;
      proxyServer?: string;
      disableIndependentDomain?: boolean;
      eventThrottling?: boolean;
      modules: Record<string, unknown>;
    }): unknown;
  };
  export default TencentCloudChat;
}

declare module '@tencentcloud/chat/modules/group-module.js' {
  const GroupModule: unknown;
  export default GroupModule;
}
