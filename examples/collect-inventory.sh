#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# collect-inventory.sh FOLDER [REGION...]: save what AWS says there is, for flowenrich -i FOLDER.
#
# Asks with the AWS CLI, as whom it is set up for (AWS_PROFILE), in all regions the account has
# enabled if none is named. All calls only read: ec2:Describe*, ec2:GetManagedPrefixListEntries,
# elasticloadbalancing:Describe*, rds:Describe*, redshift:DescribeClusters,
# elasticache:DescribeCacheClusters, lambda:ListFunctions, tag:GetResources. Run it again
# whenever you like, best by the hour: each answer is a file of its own, with the time it was
# given, and the more of them there are, the surer is who held an address when.
set -u
export AWS_PAGER=''

folder=${1:?usage: collect-inventory.sh FOLDER [REGION...]}
shift
failed=0

say()
{
    echo "collect-inventory: $*" >&2
}

# The time goes into the answer where AWS's own libraries have it: the CLI leaves it out, and that
# of the file is lost with the first copy. So does the id of a prefix list, for its entries.
with_time()
{
    sed "1s/^{/{\"ResponseMetadata\": {\"HTTPHeaders\": {\"date\": \"$1\"}},$2/"
}

# save REGION NAME MEMBERS SERVICE CALL ARGUMENT...: ask once; what fails is said, and leaves no
# file. NAME tells several answers of one call apart, MEMBERS go into the answer.
save()
{
    region=$1 name=$5$2 members=$3
    shift 3
    time=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    file=$folder/$account/$region/$name.$(echo "$time" | tr -d ':-').json

    if aws "$@" --region "$region" --output json >"$file.part" &&
        with_time "$time" "$members" <"$file.part" >"$file.dated"; then
        mv "$file.dated" "$file"
    else
        say "$account, $region: $name failed"
        failed=1
    fi
    rm -f "$file.part" "$file.dated"
}

# ids REGION QUERY SERVICE CALL: what further calls are made for, one a line.
ids()
{
    aws "$3" "$4" --region "$1" --query "$2" --output text | tr '\t' '\n' | grep -v '^None$'
}

account=$(aws sts get-caller-identity --query Account --output text) || {
    say "AWS doesn't say who is asking: log in, or set AWS_PROFILE"
    exit 1
}
# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(aws ec2 describe-regions --query 'Regions[].RegionName' --output text)
[ $# -gt 0 ] || {
    say "AWS doesn't say which regions there are: name them"
    exit 1
}

for region in "$@"; do
    say "$account, $region"
    mkdir -p "$folder/$account/$region" || exit 1
    for call in network-interfaces instances subnets vpcs vpc-endpoints nat-gateways addresses \
        vpc-peering-connections transit-gateway-attachments flow-logs route-tables \
        managed-prefix-lists; do
        save "$region" '' '' ec2 "describe-$call"
    done
    for id in $(ids "$region" 'PrefixLists[?OwnerId!=`AWS`].PrefixListId' \
        ec2 describe-managed-prefix-lists); do
        save "$region" ".$id" "\"PrefixListId\": \"$id\"," \
            ec2 get-managed-prefix-list-entries --prefix-list-id "$id"
    done
    for call in load-balancers target-groups; do
        save "$region" '' '' elbv2 "describe-$call"
    done
    for arn in $(ids "$region" 'LoadBalancers[].LoadBalancerArn' elbv2 describe-load-balancers); do
        save "$region" ".${arn##*/}" '' elbv2 describe-listeners --load-balancer-arn "$arn"
    done
    for arn in $(ids "$region" 'TargetGroups[].TargetGroupArn' elbv2 describe-target-groups); do
        save "$region" ".${arn##*/}" '' elbv2 describe-target-health --target-group-arn "$arn"
    done
    for call in db-instances db-clusters db-proxies; do
        save "$region" '' '' rds "describe-$call"
    done
    save "$region" .classic '' elb describe-load-balancers
    save "$region" .redshift '' redshift describe-clusters
    save "$region" '' '' elasticache describe-cache-clusters --show-cache-node-info
    save "$region" '' '' lambda list-functions
    save "$region" '' '' resourcegroupstaggingapi get-resources
done

# Whose the public addresses of AWS's own services are; it has its date in it.
curl -fsS -o "$folder/ip-ranges.json" https://ip-ranges.amazonaws.com/ip-ranges.json || {
    say "ip-ranges.json failed"
    failed=1
}
exit $failed
