import { sql } from "../../database/sql.ts";
import type { AdvisorCheck } from "../check.ts";

/** A policy that lets everyone list the files of a public bucket, which are served without any policy. */
export const publicBucketAllowsListing: AdvisorCheck = {
  name: "public_bucket_allows_listing",
  category: "security",
  level: "warning",
  message:
    "A policy on storage.objects lets everyone list a public bucket, which needs none; drop it or narrow it.",
  needs: "storage.buckets",
  query: sql`
    select 'bucket ' || b.id as object, p.polname as detail
    from storage.buckets b
    join shown_policy p
      on p.shown = 'storage.objects'
      and p.polpermissive
      and p.polcmd::text in ('*', 'r')
      and (p.using_text ~* '^\\(*true\\)*$' or p.using_text = format('(bucket_id = %L::text)', b.id))
    where b.public`,
};
