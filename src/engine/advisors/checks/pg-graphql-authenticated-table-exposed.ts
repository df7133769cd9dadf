import { graphqlExposedTo } from "../graphql-exposed-to.ts";

/** A relation that authenticated finds in the GraphQL schema. */
export const pgGraphqlAuthenticatedTableExposed = graphqlExposedTo("authenticated");
