import { graphqlExposedTo } from "../graphql-exposed-to.ts";

/** A relation that anon finds in the GraphQL schema. */
export const pgGraphqlAnonTableExposed = graphqlExposedTo("anon");
